/* Figures of an essay's own whose script did not run, or does not define them: each says so. All else of it is there.
 *
 * netviz.own   their tags, which the build writes at the script's end; only pages with such figures have this part
 */
"use strict";
addEventListener("DOMContentLoaded", () => {
  for (const figure of document.querySelectorAll(netviz.own.map((tag) => `${tag}:not(:defined)`).join())) {
    const note = netviz.el("p", { class: "nv-failed", role: "alert" }, netviz.say("The controls of this figure could not be loaded."));
    figure.append(note);
    customElements.whenDefined(figure.localName).then(() => note.remove());
  }
});
