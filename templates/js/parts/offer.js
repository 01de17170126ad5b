/* A figure's menu saves its picture. What makes it is loaded by the first click: late/picture.js, late/drawing.js. */
"use strict";
(() => {
  function save(file, name) {
    const link = netviz.el("a", { href: URL.createObjectURL(file), download: name });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60000);
    return netviz.say("Saved as {file}.", { file: name });
  }

  addEventListener("click", async (event) => {
    const button = event.target.closest?.(".nv-picture");
    if (!button) return;
    const note = button.nextElementSibling || button.parentElement.appendChild(netviz.el("span", { "aria-live": "polite" }));
    note.textContent = ` ${netviz.say("The picture is being made.")}`;
    button.disabled = true;
    const make = netviz.part(button.value || "picture");
    const { file, name, remark } = await make.then((made) => made(button.closest(".nv-figure")), (error) => ({ remark: error.message }));
    button.disabled = false;
    note.textContent = [" ", remark, file && save(file, name)].filter(Boolean).join(" ");
  });
})();
