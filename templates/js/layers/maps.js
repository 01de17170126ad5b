/* The forward pass of the layers of convolutional networks, for `netviz.Network`.
 *
 * Images and maps are flat: row by row, pixel by pixel, channel by channel. A convolution sums up
 * four filters at two neighbouring places at a time, so that every number that is read serves them
 * all. Each sum is taken in the same order as it would be by itself.
 */
"use strict";
(() => {
  const TOGETHER = 4; // filters
  const packed = new WeakMap(); // the weights of each convolution, in the order in which they are read

  /** For each group of filters and each row of a filter: the numbers of that row, filter beside filter. */
  function pack({ weights, biases }) {
    const [rows, columns, channels, filters] = weights.shape;
    const groups = Math.ceil(filters / TOGETHER);
    const run = columns * channels;
    const found = { rows, columns, channels, filters, groups, run, weights: new Float64Array(groups * rows * run * TOGETHER), biases: new Float64Array(groups * TOGETHER) };
    found.biases.set(biases);
    for (let at = 0; at < weights.length; at += 1) {
      const filter = at % filters;
      const group = Math.floor(filter / TOGETHER);
      const place = (at - filter) / filters; // row, column, channel
      found.weights[(group * rows * run + place) * TOGETHER + (filter % TOGETHER)] = weights[at];
    }
    return found;
  }

  function padded(below, [height, width, channels], [top, left, bottom, right]) {
    if (!(top || left || bottom || right)) return { maps: below, height, width };
    const maps = new Float64Array((height + top + bottom) * (width + left + right) * channels);
    const row = width * channels;
    for (let y = 0; y < height; y += 1) {
      maps.set(below.subarray(y * row, (y + 1) * row), ((y + top) * (width + left + right) + left) * channels);
    }
    return { maps, height: height + top + bottom, width: width + left + right };
  }

  function convolution(layer, below, shape) {
    if (!packed.has(layer)) packed.set(layer, pack(layer));
    const { rows, columns, channels, filters, groups, run, weights, biases } = packed.get(layer);
    const { stride, padding } = layer;
    const { maps, height, width } = padded(new Float64Array(below), shape, padding);
    const down = Math.floor((height - rows) / stride) + 1;
    const across = Math.floor((width - columns) / stride) + 1;
    const above = new Float64Array(down * across * filters);
    for (let group = 0; group < groups; group += 1) {
      const first = group * TOGETHER;
      const count = Math.min(TOGETHER, filters - first);
      for (let y = 0; y < down; y += 1) {
        for (let x = 0; x < across; x += 2) {
          const next = x + 1 < across ? stride * channels : 0; // the last of an odd row stands alone
          let a = biases[first], b = biases[first + 1], c = biases[first + 2], d = biases[first + 3];
          let e = a, f = b, g = c, h = d;
          let w = group * rows * run * TOGETHER;
          for (let i = 0; i < rows; i += 1) {
            const start = ((y * stride + i) * width + x * stride) * channels;
            for (let at = start; at < start + run; at += 1, w += TOGETHER) {
              const here = maps[at], there = maps[at + next];
              const p = weights[w], q = weights[w + 1], r = weights[w + 2], s = weights[w + 3];
              a += here * p; b += here * q; c += here * r; d += here * s;
              e += there * p; f += there * q; g += there * r; h += there * s;
            }
          }
          const to = (y * across + x) * filters + first;
          above.set([a, b, c, d].slice(0, count), to);
          if (next) above.set([e, f, g, h].slice(0, count), to + filters);
        }
      }
    }
    return above;
  }

  /** Each window of `size` by `size` pixels becomes one: `merge(so far, next)`, begun from `start`. */
  function pool({ size, stride }, below, [height, width, channels], start, merge) {
    const down = Math.floor((height - size) / stride) + 1;
    const across = Math.floor((width - size) / stride) + 1;
    const above = new Float64Array(down * across * channels).fill(start);
    for (let y = 0; y < down; y += 1) {
      for (let x = 0; x < across; x += 1) {
        const to = (y * across + x) * channels;
        for (let i = 0; i < size; i += 1) {
          for (let j = 0; j < size; j += 1) {
            const from = ((y * stride + i) * width + x * stride + j) * channels;
            for (let c = 0; c < channels; c += 1) above[to + c] = merge(above[to + c], below[from + c]);
          }
        }
      }
    }
    return above;
  }

  const larger = (a, b) => (a > b ? a : b);
  const sum = (a, b) => a + b;

  Object.assign(netviz.layers, {
    convolution,
    max_pool: (layer, below, shape) => pool(layer, below, shape, -Infinity, larger),
    average_pool: (layer, below, shape) => pool(layer, below, shape, 0, sum).map((total) => total / layer.size ** 2),
    global_average(layer, below, [height, width, channels]) {
      const above = new Float64Array(channels);
      below.forEach((number, at) => { above[at % channels] += number; });
      return above.map((total) => total / (height * width));
    },
    scale_shift({ scale, shift }, below) {
      const above = new Float64Array(below);
      for (let at = 0; at < above.length; at += 1) {
        const channel = at % scale.length;
        above[at] = above[at] * scale[channel] + shift[channel];
      }
      return above;
    },
  });
})();
