/* The points of a figure's charts: each says its numbers, in one tab stop a chart, with arrows along the points.
 *
 * netviz.marks(figure, reached)   sets up the elements .mark[data-tip] of its drawings and calls reached(mark) for
 *                                 each that is reached; returns what `settings` takes: 0 is no point, and the points
 *                                 of all charts are counted from 1
 */
"use strict";
netviz.marks = (figure, reached = () => {}) => {
  const all = [...figure.querySelectorAll(".mark")];
  let now = 0;
  const grids = [...figure.querySelectorAll("svg")].map((chart) => {
    const marks = [...chart.querySelectorAll(".mark")];
    for (const mark of marks) {
      mark.setAttribute("role", "img");
      mark.setAttribute("aria-label", mark.dataset.tip);
    }
    const grid = netviz.grid(chart, ".mark", marks.length, (mark) => {
      now = all.indexOf(mark) + 1;
      netviz.tip.show(mark, mark.dataset.tip);
      reached(mark);
    });
    return { marks, grid };
  });
  const set = (k) => {
    now = k;
    if (!k) netviz.tip.hide();
    for (const { marks, grid } of grids) if (marks.includes(all[k - 1])) grid.reach(marks.indexOf(all[k - 1]));
  };
  return { get: () => now, set };
};
