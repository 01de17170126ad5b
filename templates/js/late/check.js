/* Numbers of a claim, computed again in the page from the network and the images that it has.
 *
 * The note of a claim (parts/claims.js) loads this on the first click: netviz.part("check") is a promise of a
 * function that takes what to compute (essay/rechecks.py), and how many numbers the claim reads. It returns sentences. */
"use strict";
(() => {
  const WITHIN = 2.576; // standard errors, which 99 of 100 random samples stay within
  const ROUNDED = 1e-5; // of a number, which is written with six digits
  const DIGITS = 4; // of a number in a note, as essay/claim_notes.py has them
  const AT_ONCE = 50; // images, before the page may do other things
  const pause = () => new Promise((resolve) => { setTimeout(resolve); });

  /** An image moved to the left, its right border repeated, as the build does it. */
  function moved(pixels, { width, channels }, left) {
    return pixels.map((_, at) => {
      const column = Math.floor(at / channels) % width;
      return pixels[at + (Math.min(width - 1, column + left) - column) * channels];
    });
  }

  async function countRight(network, images, left) {
    let right = 0;
    for (let i = 0; i < images.count; i += 1) {
      const logits = network.logits(moved(images.image(i), images, left));
      right += logits.indexOf(Math.max(...logits)) === images.labels[i];
      if (i % AT_ONCE === 0) await pause();
    }
    return right;
  }

  /** By how much a share of `some` of `all` images may differ from that of all of them, were they drawn at random. */
  const byChance = (share, some, all) => WITHIN * Math.sqrt((share * (1 - share) * (all - some)) / (some * Math.max(1, all - 1))) + 0.5 / some;

  async function share({ images: address, value, count: total, left }, network) {
    const images = new netviz.Images(await netviz.load(address));
    const { count } = images;
    const right = await countRight(network, images, left);
    const off = Math.abs(right / count - value);
    const places = { right, count, total, share: netviz.share(right / count), measured: netviz.share(value) };
    if (count === total) {
      return off * count < 0.5
        ? netviz.say("Here {right} of the same {count} images are right, {share}: the same.", places)
        : netviz.say("Here {right} of the same {count} images are right, {share}, where the build found {measured}: it does not agree.", places);
    }
    const chance = byChance(value, count, total);
    const points = netviz.number(100 * chance, 1);
    return off <= chance
      ? netviz.say("Here {right} of {count} images are right, {share}. The page has only these of the {total}, of which {measured} were. Samples of so many differ by up to {points} points by chance: it agrees.", { ...places, points })
      : netviz.say("Here {right} of {count} images are right, {share}. The page has only these of the {total}, of which {measured} were. Samples of so many differ by up to {points} points by chance: it does not agree.", { ...places, points });
  }

  // Of the middle of a picture, by the distance from it in half sides, as analysis/templates.py has them.
  const REGIONS = {
    centre: (distance, half) => distance <= Math.max(0.25, 1 / half),
    ring: (distance) => distance >= 0.35 && distance <= 0.7,
  };

  function meanWithin(weights, [height, width, channels], region) {
    const half = Math.min(height, width) / 2;
    const inside = weights.filter((_, at) => {
      const pixel = Math.floor(at / channels);
      const [row, column] = [Math.floor(pixel / width), pixel % width];
      return region(Math.hypot(row - (height - 1) / 2, column - (width - 1) / 2) / half, half);
    });
    return inside.reduce((sum, weight) => sum + weight, 0) / inside.length;
  }

  const written = (value) => netviz.number(value, Math.max(0, DIGITS - 1 - Math.floor(Math.log10(Math.abs(value) || 1))));

  function weight({ value, unit, part }, network) {
    const weights = Float64Array.from(network.filter(unit));
    const found = REGIONS[part] ? meanWithin(weights, network.shapes[0], REGIONS[part])
      : weights.reduce((one, other) => (part === "lowest" ? Math.min(one, other) : Math.max(one, other)));
    const places = { count: weights.length, value: written(found), measured: written(value) };
    return Math.abs(found - value) <= ROUNDED * Math.abs(value)
      ? netviz.say("Here, from the same {count} weights, it is {value}: the same.", places)
      : netviz.say("Here, from the same {count} weights, it is {value}, where the build found {measured}: it does not agree.", places);
  }

  async function check(asked, total) {
    const said = [];
    for (const one of asked) {
      const network = new netviz.Network(await netviz.load(one.network));
      said.push(`${one.name}: ${await (one.part ? weight : share)(one, network)}`);
    }
    if (asked.length < total) said.push(netviz.say("This page cannot compute the other numbers."));
    return said;
  }

  netviz.deliver("check", check);
})();
