/* Arrays that travel as base64, the network they make up, and images.
 *
 * new netviz.Network(data)    activations(pixels), logits(pixels): arrays of a layer's units
 * netviz.softmax(logits)
 * new netviz.Images(data)     image(i): its pixels in 0..1; labels; width, height, channels
 * netviz.bytes(text), netviz.floats(text)
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

  const ACTIVATIONS = {
    relu: (z) => Math.max(0, z),
    tanh: Math.tanh,
    sigmoid: (z) => 0.5 + 0.5 * Math.tanh(0.5 * z),
  };

  class Network {
    constructor(data) {
      this.identity = data.identity;
      this.shape = data.shape;
      this.activation = ACTIVATIONS[data.activation];
      this.weights = data.weights.map(floats); // layer k: [below][above], row by row
      this.biases = data.biases.map(floats);
    }

    /** The output of every layer for `pixels` in 0..1; the last are the logits. */
    activations(pixels) {
      const outputs = [];
      let below = pixels;
      this.weights.forEach((weights, layer) => {
        const above = Float64Array.from(this.biases[layer]);
        const units = above.length;
        for (let i = 0; i < below.length; i += 1) {
          const x = below[i];
          if (x === 0) continue;
          for (let j = 0, at = i * units; j < units; j += 1, at += 1) above[j] += x * weights[at];
        }
        if (layer < this.weights.length - 1) for (let j = 0; j < units; j += 1) above[j] = this.activation(above[j]);
        outputs.push(above);
        below = above;
      });
      return outputs;
    }

    logits(pixels) {
      return this.activations(pixels).at(-1);
    }

    /** The weights from every input to unit `j` of the first layer. */
    filter(j) {
      const units = this.shape[1];
      return Float32Array.from({ length: this.shape[0] }, (_, i) => this.weights[0][i * units + j]);
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

  Object.assign(netviz, { bytes, floats, Network, Images, softmax });
})();
