/* Images of one cell of a confusion matrix, as cell.html shows them.
 *
 * netviz.orders                          [[order, words], …]: how images of a cell are chosen
 * netviz.readAs(actual, predicted)       "2 read as 8"
 * netviz.sampleText(actual, predicted, shown, total, order)
 * netviz.shares(predicted, actual, right)   two probabilities in thousandths, as lines of text
 * netviz.paintSamples(list, size, label, samples)   samples: [{picture, columns, slot, lines}, …]
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

netviz.paintSamples = (list, size, label, samples) => {
  list.replaceChildren(...samples.map(({ picture, columns, slot, lines }) => {
    const tile = netviz.tile(label);
    netviz.paintTile(tile.firstChild, picture, slot, { ...size, columns });
    return netviz.el("li", {}, tile, ...lines.map((line) => netviz.el("span", {}, line)));
  }));
};
