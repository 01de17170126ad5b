/* Ask a number: where each measured value in the prose comes from. */
"use strict";
addEventListener("DOMContentLoaded", () => {
  for (const value of document.querySelectorAll("data.nv-value[data-key]")) {
    value.tabIndex = 0;
    const [kind, name, ...rest] = value.dataset.key.split(".");
    value.dataset.tip = kind === "networks"
      ? `Measured on the network ${name}: ${rest.join(" › ").replaceAll("_", " ")} = ${value.value}`
      : `Measured: ${value.dataset.key.replaceAll(".", " › ").replaceAll("_", " ")} = ${value.value}`;
  }
});
