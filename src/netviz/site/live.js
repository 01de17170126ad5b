/* Keeps an open page in step with the essay while it is being written; only `netviz serve` adds it.
 *
 * The server says when the site has changed. The page then fetches itself anew and changes only
 * what differs between the two sources, so that the place in the text and the state of every figure
 * that stayed the same are kept. Where that cannot be done it reloads, and scrolls to where it was.
 */
"use strict";
(() => {
  const SCROLL = `netviz scroll ${location.pathname}`;
  const own = document.currentScript;
  let version = own.dataset.version;
  let source = null; // the page as it was served, before any script changed it
  let events = null;
  let updating = Promise.resolve();

  const parse = (html) => {
    const page = new DOMParser().parseFromString(html, "text/html");
    const script = page.querySelector("script[data-version]");
    page.servedVersion = script?.dataset.version;
    script?.remove();
    return page;
  };

  const fetchPage = async () => parse(await (await fetch(location.href, { cache: "no-store" })).text());

  const reload = () => {
    sessionStorage.setItem(SCROLL, String(scrollY));
    location.reload();
  };

  const restoreScroll = () => {
    const kept = sessionStorage.getItem(SCROLL);
    sessionStorage.removeItem(SCROLL);
    if (kept !== null) scrollTo({ top: Number(kept), behavior: "instant" });
  };

  /* --- changing what differs --- */

  const names = (page, selector, attribute) =>
    [...page.querySelectorAll(selector)].map((element) => element.getAttribute(attribute)).join("\n");

  const sameScripts = (one, other) =>
    names(one, "script", "src") === names(other, "script", "src") &&
    one.documentElement.cloneNode().isEqualNode(other.documentElement.cloneNode());

  const renewStyles = (next) => {
    const links = [...document.head.querySelectorAll('link[rel="stylesheet"]')];
    const wanted = [...next.head.querySelectorAll('link[rel="stylesheet"]')];
    const href = (link) => link.getAttribute("href");
    const stays = (link, others) => others.some((other) => href(other) === href(link));
    const gone = links.filter((link) => !stays(link, wanted));
    for (const link of wanted.filter((link) => !stays(link, links))) {
      const fresh = document.importNode(link);
      fresh.addEventListener("load", () => gone.splice(0).forEach((old) => old.remove()));
      document.head.append(fresh);
    }
  };

  /* Whether `live` still has the children that `old` was served with; scripts may have added more. */
  const corresponds = (live, old) =>
    [...old.childNodes].every((node, i) => live.childNodes[i]?.nodeName === node.nodeName);

  const canChangeInside = (live, old, next) =>
    old.nodeType === Node.ELEMENT_NODE &&
    !old.localName.includes("-") && // a figure's element made its own of what it was served with
    old.cloneNode().isEqualNode(next.cloneNode()) &&
    corresponds(live, old);

  const change = (live, old, next) => {
    if (old.isEqualNode(next)) return;
    if (canChangeInside(live, old, next)) changeChildren(live, old, next);
    else live.replaceWith(document.importNode(next, true));
  };

  const changeChildren = (live, old, next) => {
    const olds = [...old.childNodes];
    const nexts = [...next.childNodes];
    const lives = [...live.childNodes].slice(0, olds.length);
    const same = (one, other) => one && other && one.isEqualNode(other);
    while (same(olds[0], nexts[0])) [olds, nexts, lives].forEach((list) => list.shift());
    let end = lives.at(-1)?.nextSibling ?? live.childNodes[old.childNodes.length] ?? null;
    while (same(olds.at(-1), nexts.at(-1))) {
      end = lives.at(-1);
      [olds, nexts, lives].forEach((list) => list.pop());
    }
    if (olds.length === nexts.length) {
      olds.forEach((node, i) => change(lives[i], node, nexts[i]));
      return;
    }
    changeList(live, { lives, olds, nexts, end });
  };

  /* Parts came or went: those that stay are found by what they are or by their id, and not moved. */
  const changeList = (live, { lives, olds, nexts, end }) => {
    const find = (node) => {
      const equal = olds.findIndex((old) => old?.isEqualNode(node));
      return equal >= 0 || !node.id ? equal : olds.findIndex((old) => old?.id === node.id);
    };
    const pairs = nexts.map((next) => {
      const i = find(next);
      if (i < 0) return { next };
      const pair = { next, old: olds[i], stays: lives[i] };
      olds[i] = null;
      return pair;
    });
    lives.filter((_, i) => olds[i]).forEach((node) => node.remove());
    let here = lives.find((_, i) => !olds[i]) ?? end;
    for (const { next, old, stays } of pairs) {
      if (stays && stays === here) here = here.nextSibling;
      else live.insertBefore(stays ?? document.importNode(next, true), here);
      if (stays) change(stays, old, next);
    }
  };

  const update = async () => {
    const next = await fetchPage();
    if (!source || !sameScripts(source, next) || !canChangeInside(document.body, source.body, next.body)) {
      reload();
      return;
    }
    document.title = next.title;
    renewStyles(next);
    changeChildren(document.body, source.body, next.body);
    source = next;
    version = next.servedVersion;
    document.dispatchEvent(new CustomEvent("netviz:renewed"));
  };

  /* --- faults --- */

  const line = (tag, text, style) => {
    const element = document.createElement(tag);
    element.textContent = text;
    Object.assign(element.style, { margin: "0 0 .6rem", font: "inherit", ...style });
    return element;
  };

  const showFault = (fault) => {
    document.getElementById("netviz-fault")?.remove();
    if (!fault) return;
    const panel = document.createElement("div");
    panel.id = "netviz-fault";
    panel.setAttribute("role", "alert");
    Object.assign(panel.style, {
      position: "fixed", inset: "auto 0 0 0", maxHeight: "60vh", overflow: "auto", zIndex: "2147483647",
      padding: "1rem 1.5rem", background: "#2a0f12", color: "#ffe9e6", borderTop: "4px solid #ff6b5e",
      font: "15px/1.5 ui-monospace, monospace", direction: "ltr", textAlign: "left",
    });
    panel.append(line("p", fault.message, { fontWeight: "bold", whiteSpace: "pre-wrap" }));
    if (fault.excerpt) panel.append(line("pre", fault.excerpt, { whiteSpace: "pre", overflowX: "auto" }));
    panel.append(line("p", "This page is the last one that was whole. It goes on when the fault is mended.", {}));
    document.documentElement.append(panel);
  };

  /* --- listening --- */

  const listen = () => {
    if (events || document.hidden) return;
    events = new EventSource("/-/events");
    events.addEventListener("state", (event) => {
      const state = JSON.parse(event.data);
      showFault(state.fault);
      updating = updating
        .then(() => state.version !== version && update())
        .catch(() => {}); // the server was stopped; it says so anew when it is back
    });
  };

  // Browsers open only six connections to a server: a page that nobody sees gives its own back.
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) {
      events?.close();
      events = null;
    } else listen();
  });
  addEventListener("pagehide", () => events?.close());

  const begin = async () => {
    restoreScroll();
    const page = await fetchPage().catch(() => null);
    if (page?.servedVersion === version) source = page;
    listen();
  };
  if (document.readyState === "complete") begin();
  else addEventListener("load", begin);
})();
