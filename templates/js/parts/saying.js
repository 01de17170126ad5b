/* What scripts say: patterns with named places, translated before they are filled, as essay/saying.py
 * does. A figure whose script and fragment say everything so has `data-speaks` on its element.
 *
 * netviz.say(pattern, places)              a sentence; a number in a place has no decimals, a text is a name
 * netviz.sayCounted(pattern, one, places)   the same of several; `one` is said where the place `count` is 1
 * netviz.sayAround(pattern, places)         the same as a list of texts and of the elements among the places
 * netviz.named(text)                       a name, in the page's language if its catalogue has it
 * netviz.number(value, digits)             "1,234.5", with a true minus sign
 * netviz.signed(value, digits)             "+1,234.5", the same with a sign in front always
 * netviz.share(share, digits)              "92.3%"
 */
"use strict";
(() => {
  const PLACE = /\{(\w+)\}/g;
  const ENGLISH = { text: {}, counted: {}, plurals: {}, number: (written) => written, inItsDirection: (text) => text };
  const speech = () => netviz.speech || ENGLISH; // as `netviz.speak` left it

  const relation = (part, number) => {
    const [, divisor, sign, values] = /^n(?: % (\d+))? (=|!=) (.+)$/.exec(part);
    const rest = divisor ? number % Number(divisor) : number;
    const isAmong = values.split(",").some((one) => {
      const [low, high = low] = one.split("..").map(Number);
      return low <= rest && rest <= high;
    });
    return isAmong === (sign === "=");
  };
  const holds = (rule, number) => rule.split(" or ").some((way) => way.split(" and ").every((part) => relation(part, number)));
  const pluralForm = (count, rules) => (Number.isInteger(count) && Object.keys(rules).find((form) => holds(rules[form], Math.abs(count)))) || "other";

  const kept = (text) => {
    speech().memory?.set(text, text);
    return text;
  };
  const known = (pattern) => {
    const { text } = speech();
    if (Object.hasOwn(text, pattern)) return text[pattern];
    if (netviz.speech) netviz.unsaid.add(pattern);
    return pattern;
  };
  const found = (pattern, one, count) => {
    const { counted, plurals } = speech();
    if (typeof count === "number" && Object.hasOwn(counted, pattern)) return counted[pattern][pluralForm(count, plurals)];
    return known(one && count === 1 ? one : pattern);
  };
  // A number alone keeps its sign on its side; within a sentence the whole sentence sees to that.
  const isolated = /[\u2066\u2069]/g;
  const placed = (value) => (typeof value === "number" ? netviz.number(value, 0) : netviz.named(String(value))).replace(isolated, "");
  const written = (english) => kept(speech().inItsDirection(speech().number(english.replace("-", "−"))));
  const inEnglish = (value, digits, signDisplay = "auto") =>
    value.toLocaleString("en", { minimumFractionDigits: digits, maximumFractionDigits: digits, signDisplay });

  netviz.sayCounted = (pattern, one, places = {}) =>
    kept(speech().inItsDirection(found(pattern, one, places.count).replace(PLACE, (_, name) => placed(places[name]))));
  netviz.say = (pattern, places) => netviz.sayCounted(pattern, "", places);
  netviz.sayAround = (pattern, places) => found(pattern, "").split(PLACE).map((part, k) => {
    const isElement = k % 2 && places[part] instanceof Element;
    return isElement ? places[part] : speech().inItsDirection(k % 2 ? placed(places[part]) : part);
  });
  netviz.named = (text) => kept(Object.hasOwn(speech().text, text) ? speech().text[text] : text);
  netviz.number = (value, digits = 0) => written(inEnglish(value, digits));
  netviz.signed = (value, digits = 0) => written(inEnglish(value + 0, digits, "always")); // −0 + 0 is +0
  netviz.share = (share, digits = 1) => written(`${inEnglish(100 * share, digits)}%`);
})();
