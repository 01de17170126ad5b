/* A figure's menu saves its picture. What makes the picture is loaded by the first click (late/picture.js). */
"use strict";
addEventListener("click", async (event) => {
  const button = event.target.closest?.(".nv-picture");
  if (!button) return;
  const note = button.nextElementSibling || button.parentElement.appendChild(netviz.el("span", { "aria-live": "polite" }));
  note.textContent = ` ${netviz.say("The picture is being made.")}`;
  button.disabled = true;
  const said = await netviz.part("picture").then((save) => save(button.closest(".nv-figure")), (error) => error.message);
  button.disabled = false;
  note.textContent = ` ${said}`;
});
