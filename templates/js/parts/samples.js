/* Images of one cell of a confusion matrix, as cell.html shows them.
 *
 * netviz.orders                          how images of a cell are chosen
 * netviz.orderWords(order)               the same in words, by its place in the list
 * netviz.readAs(actual, predicted)       "2 read as 8"
 * netviz.sampleText(actual, predicted, shown, total, order)   what the images of a cell are
 * netviz.shares(predicted, actual, right)   two probabilities in thousandths, as lines of text
 * netviz.paintSamples(list, size, label, samples)   fills a list with samples: [{picture, columns, slot, lines}, …]
 */
"use strict";
netviz.orders = ["surest", "middling", "borderline", "random"];
netviz.orderWords = (order) => netviz.say(["the surest first", "the middling", "the borderline first", "a random draw"][order]);

netviz.readAs = (actual, predicted) => (actual === predicted
  ? netviz.say("{actual} read correctly", { actual })
  : netviz.say("{actual} read as {predicted}", { actual, predicted }));

netviz.sampleText = (actual, predicted, shown, total, order) => {
  const cell = netviz.readAs(actual, predicted);
  if (!total) return netviz.say("{cell}: no image.", { cell });
  const places = { cell, shown, total, order: netviz.orderWords(order), predicted, actual };
  return actual === predicted
    ? netviz.say("{cell}: {shown} of {total}, {order}. Below each, the probability given to {predicted}.", places)
    : netviz.say("{cell}: {shown} of {total}, {order}. Below each, the probability given to {predicted}, and under it that given to {actual}.", places);
};

netviz.shares = (predicted, actual, right) => (right ? [predicted] : [predicted, actual]).map((share) => netviz.share(share / 1000));

/** Existing tiles are painted again: a pointer that crosses many cells creates none. */
netviz.paintSamples = (list, size, label, samples) => {
  samples.forEach(({ picture, columns, slot, lines }, place) => {
    let item = list.children[place];
    if (!item?.querySelector("canvas")) {
      const fresh = netviz.el("li", {}, netviz.tile(label), netviz.el("span"), netviz.el("span"));
      if (item) item.replaceWith(fresh);
      else list.append(fresh);
      item = fresh;
    }
    const canvas = item.querySelector("canvas");
    canvas.setAttribute("aria-label", netviz.named(label));
    netviz.paintTile(canvas, picture, slot, { ...size, columns });
    [1, 2].forEach((line) => { item.children[line].textContent = lines[line - 1] || ""; });
  });
  while (list.children.length > samples.length) list.lastElementChild.remove();
};
