/* Pictures of many tiles, painted tile by tile; a late sheet never paints over a newer choice.
 *
 * netviz.picture(url)      a promise of the picture, decoded; each URL loads once
 * netviz.tile(side, alt)   a canvas of one tile, in a .nv-tile
 * netviz.paintTile(canvas, picture, slot, {width, height, columns})   one tile of a sheet of so many columns
 * netviz.latest()          a guard: `const mine = guard(); await …; if (mine()) paint`
 */
"use strict";
(() => {
  const pictures = new Map();

  netviz.picture = (url) => {
    if (!pictures.has(url)) {
      const picture = new Image();
      picture.src = url;
      pictures.set(url, picture.decode().then(() => picture, () => {
        pictures.delete(url);
        throw new netviz.Unloaded(netviz.say("A picture of this figure could not be loaded."));
      }));
    }
    return pictures.get(url);
  };

  netviz.tile = (label) => {
    const canvas = netviz.el("canvas", { role: "img", "aria-label": label });
    return netviz.el("span", { class: "nv-tile" }, canvas);
  };

  netviz.paintTile = (canvas, picture, slot, { width, height, columns }) => {
    canvas.width = width;
    canvas.height = height;
    const left = (slot % columns) * width;
    const top = Math.floor(slot / columns) * height;
    canvas.getContext("2d").drawImage(picture, left, top, width, height, 0, 0, width, height);
  };

  netviz.latest = () => {
    let newest = 0;
    return () => {
      newest += 1;
      const mine = newest;
      return () => mine === newest;
    };
  };
})();
