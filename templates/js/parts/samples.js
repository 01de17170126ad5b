/* Images of one cell of a confusion matrix, as cell.html shows them.
 *
 * netviz.orders                          [[order, words], …]: how images of a cell are chosen
 * netviz.readAs(actual, predicted)       "2 read as 8"
 * netviz.sampleText(actual, predicted, shown, total, order)   what the images of a cell are
 * netviz.shares(predicted, actual, right)   two probabilities in thousandths, as lines of text
 * netviz.paintSamples(list, size, label, samples)   fills a list with samples: [{picture, columns, slot, lines}, …]
 */
"use strict";
netviz.orders = [["surest", "the surest first"], ["middling", "the middling"], ["borderline", "the borderline first"], ["random", "a random draw"]];

netviz.readAs = (actual, predicted) => `${actual} read ${actual === predicted ? "rightly" : `as ${predicted}`}`;

netviz.sampleText = (actual, predicted, shown, total, order) => {
  if (!total) return `${netviz.readAs(actual, predicted)}: no image.`;
  const second = actual === predicted ? "" : `, and under it that given to ${actual}`;
  return `${netviz.readAs(actual, predicted)}: ${shown} of ${total.toLocaleString("en")}, ${netviz.orders[order][1]}. Below each, the probability given to ${predicted}${second}.`;
};

netviz.shares = (predicted, actual, right) => (right ? [predicted] : [predicted, actual]).map((share) => netviz.percent(share / 1000));

/** Tiles that stand already are painted anew: a pointer that crosses many cells makes none. */
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
    canvas.setAttribute("aria-label", label);
    netviz.paintTile(canvas, picture, slot, { ...size, columns });
    [1, 2].forEach((line) => { item.children[line].textContent = lines[line - 1] || ""; });
  });
  while (list.children.length > samples.length) list.lastElementChild.remove();
};
