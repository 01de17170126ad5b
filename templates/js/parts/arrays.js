/* Arrays that travel as base64, the network they make up, and images.
 *
 * new netviz.Network(data)    outputs(pixels): of every layer; logits(pixels); filter(unit)
 * netviz.layers               the forward pass of each kind of layer, by its name; those of
 *                             convolutional networks are in layers/maps.js
 * netviz.softmax(logits)      the probabilities
 * new netviz.Images(data)     image(i): its pixels in 0..1; labels; width, height, channels
 * netviz.bytes(text), netviz.floats(text)   arrays that travelled as base64
 */
"use strict";
(() => {
  /** A plain loop: `Uint8Array.from` asks the string's iterator for every letter, many times slower. */
  function bytes(text) {
    const letters = atob(text);
    const found = new Uint8Array(letters.length);
    for (let i = 0; i < found.length; i += 1) found[i] = letters.charCodeAt(i);
    return found;
  }
  const floats = (text) => new Float32Array(bytes(text).buffer);

  /** An array of a layer: base64 of floats; or with its shape, as floats or as bytes times a scale for each unit. */
  function numbers(sent) {
    if (typeof sent === "string") return floats(sent);
    const { shape, bytes: whole, scales } = sent;
    if (!whole) return Object.assign(floats(sent.floats), { shape });
    const each = floats(scales);
    return Object.assign(new Float32Array(new Int8Array(bytes(whole).buffer)).map((byte, at) => byte * each[at % each.length]), { shape });
  }

  const ACTIVATIONS = {
    relu: (z) => Math.max(0, z),
    tanh: Math.tanh,
    sigmoid: (z) => 0.5 + 0.5 * Math.tanh(0.5 * z),
  };

  /** The forward pass of each kind of layer, (layer, below, shape below) => above; arrays are flat. */
  const layers = {
    flatten: (layer, below) => below,
    activation: (layer, below) => below.map(ACTIVATIONS[layer.function]),
    dense({ weights, biases }, below) {
      const above = Float64Array.from(biases);
      const units = above.length;
      for (let i = 0; i < below.length; i += 1) {
        const x = below[i];
        if (x === 0) continue;
        for (let j = 0, at = i * units; j < units; j += 1, at += 1) above[j] += x * weights[at];
      }
      return above;
    },
  };

  class Network {
    constructor(data) {
      this.identity = data.identity;
      this.shapes = data.shapes; // of what each layer takes, from the image on, and of the logits
      this.layers = data.layers.map((layer) => ({ ...layer, ...this.arrays(layer) }));
    }

    /** Weights are [below][above], row by row; those of a convolution [row][column][channel][filter]. */
    arrays(layer) {
      const names = ["weights", "biases", "scale", "shift"].filter((name) => layer[name]);
      return Object.fromEntries(names.map((name) => [name, numbers(layer[name])]));
    }

    /** The layers with weights, from the image on. */
    get weighted() {
      return this.layers.filter((layer) => layer.weights);
    }

    /** The output of every layer for `pixels` in 0..1; the last are the logits. */
    outputs(pixels) {
      let below = pixels;
      return this.layers.map((layer, k) => (below = netviz.layers[layer.kind](layer, below, this.shapes[k])));
    }

    logits(pixels) {
      return this.outputs(pixels).at(-1);
    }

    /** The weights from every input to unit `j` of the first layer that has any. */
    filter(j) {
      const { weights, biases } = this.weighted[0];
      const units = biases.length;
      return Float32Array.from({ length: weights.length / units }, (_, i) => weights[i * units + j]);
    }
  }

  class Images {
    constructor(data) {
      Object.assign(this, data);
      this.size = data.width * data.height * data.channels;
      this.pixels = bytes(data.images);
    }

    image(i) {
      return new Float32Array(this.pixels.subarray(i * this.size, (i + 1) * this.size)).map((byte) => byte / 255);
    }
  }

  function softmax(logits) {
    const top = Math.max(...logits);
    const powers = Array.from(logits, (z) => Math.exp(z - top));
    const sum = powers.reduce((total, power) => total + power, 0);
    return powers.map((power) => power / sum);
  }

  Object.assign(netviz, { bytes, floats, layers, Network, Images, softmax });
})();
