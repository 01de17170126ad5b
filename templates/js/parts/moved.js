/* An image that a reader moves.
 *
 * netviz.moved(images, pixels, right, down)   `pixels` of an image of a netviz.Images, so many whole pixels to
 *   the right and down; its border is repeated, as in analysis/moving.py
 * netviz.drag(canvas, width, start, move, end)   a pointer or a finger drags an image `width` pixels wide: start()
 *   is where it is as it is taken, [right, down] in its pixels; move(right, down) says where it is dragged to, in
 *   fractions of pixels too; end(), which may be left out, follows when it is let go
 */
"use strict";
netviz.moved = ({ width, height, channels }, pixels, right, down) => {
  const within = (place, count) => Math.min(count - 1, Math.max(0, place));
  return pixels.map((_, at) => {
    const pixel = Math.floor(at / channels);
    const column = within((pixel % width) - right, width);
    const row = within(Math.floor(pixel / width) - down, height);
    return pixels[(row * width + column) * channels + (at % channels)];
  });
};

netviz.drag = (canvas, width, start, move, end) => {
  let from = null;
  canvas.addEventListener("pointerdown", (event) => {
    canvas.setPointerCapture(event.pointerId);
    from = { x: event.clientX, y: event.clientY, at: start() };
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!from) return;
    const pixel = canvas.getBoundingClientRect().width / width;
    move(from.at[0] + (event.clientX - from.x) / pixel, from.at[1] + (event.clientY - from.y) / pixel);
  });
  for (const name of ["pointerup", "pointercancel"]) canvas.addEventListener(name, () => { from = null; end?.(); });
};
