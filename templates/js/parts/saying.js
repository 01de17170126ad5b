/* What scripts say: patterns with named places, translated before they are filled, as essay/saying.py does.
 *
 * netviz.say(pattern, places)              a sentence; a number in a place has no decimals, a text is a name
 * netviz.sayCounted(pattern, one, places)   the same of several; `one` is said where the place `count` is 1
 * netviz.sayAround(pattern, places)         the same as a list of texts and of the elements among the places
 * netviz.named(text)                       a name, in the page's language if its catalogue has it
 * netviz.number(value, digits)             "1,234.5", with a true minus sign
 * netviz.signed(value, digits)             "+1,234.5", the same with a sign in front; what rounds to 0 has none
 * netviz.share(share, digits)              "92.3%"
 * netviz.speak(catalogue)                  called by a translated page's script, before it says anything, and by each late part of it
 * netviz.speech                            what it says with; an English page has none
 * netviz.unsaid                            the texts missing in the catalogue, for its authors
 */
"use strict";
netviz.unsaid = new Set();
(() => {
  const PLACE = /\{(\w+)\}/g;
  const NUMBER = /(?<![\p{L}\d.,])[1-9]\d{0,2}(?:,\d{3})+(?:\.\d+)?%?|\d+(?:\.\d+)?%|\d+\.\d+/gu;
  const LETTERS = /\p{L}{2}/u;
  // What essay/directions.py does: signed numbers and sums stay whole in a text from right to left.
  const [AMOUNT, PERCENT] = [String.raw`\p{Nd}+(?:[.,]\p{Nd}+)*`, String.raw`(?:\s?[%٪])`];
  const SIGNED = `[+−±]?${AMOUNT}${PERCENT}?`;
  const SUM = new RegExp(`(?:[+−±] )?${SIGNED}(?: [+−×=] ${SIGNED})+|[+−±]${AMOUNT}${PERCENT}?|${AMOUNT}${PERCENT}`, "gu");
  const ISOLATED_SUM = /\u2066([^\u2066-\u2069]*)\u2069/g;

  const ENGLISH = { text: {}, counted: {}, plurals: {}, number: (written) => written, inItsDirection: (text) => text, foreign: (text) => text };
  const speech = () => netviz.speech || ENGLISH;

  netviz.speak = ({ text, counted, plurals, decimal, thousands, leastGrouped, percent, direction }) => {
    const isRightToLeft = direction === "rtl";
    const localised = (written) => {
      const bare = written.replace("%", "");
      const mark = bare.split(".")[0].replace(/\D/g, "").length < leastGrouped ? "" : thousands;
      const swapped = bare.replace(/[.,]/g, (point) => (point === "." ? decimal : mark));
      return written.endsWith("%") ? percent.replace("{}", swapped) : swapped;
    };
    netviz.speech = {
      text: { ...netviz.speech?.text, ...text },
      counted: { ...netviz.speech?.counted, ...counted },
      plurals,
      number: (written) => written.replace(NUMBER, localised),
      inItsDirection: (said) => (isRightToLeft ? said.replace(ISOLATED_SUM, "$1").replace(SUM, "\u2066$&\u2069") : said),
      foreign: (english) => (isRightToLeft ? `\u2068${english}\u2069` : english),
    };
  };

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

  /** The pattern in the page's language, or null. */
  const found = (pattern, one, count) => {
    const { text, counted, plurals } = speech();
    if (typeof count === "number" && Object.hasOwn(counted, pattern)) return counted[pattern][pluralForm(count, plurals)];
    const english = one && count === 1 ? one : pattern;
    if (Object.hasOwn(text, english)) return text[english];
    if (netviz.speech) netviz.unsaid.add(english);
    return null;
  };
  const placed = (value) => (typeof value === "number" ? netviz.number(value, 0) : netviz.named(String(value)));
  const written = (english) => speech().inItsDirection(speech().number(english.replace("-", "−")));
  const inEnglish = (value, digits, signDisplay = "negative") =>
    value.toLocaleString("en", { minimumFractionDigits: digits, maximumFractionDigits: digits, signDisplay });

  netviz.sayCounted = (pattern, one, places = {}) => {
    const { inItsDirection, foreign } = speech();
    const translated = found(pattern, one, places.count);
    const english = one && places.count === 1 ? one : pattern;
    const filled = (translated ?? english).replace(PLACE, (_, name) => placed(places[name]));
    return inItsDirection(translated === null ? foreign(filled) : filled);
  };
  netviz.say = (pattern, places) => netviz.sayCounted(pattern, "", places);
  netviz.sayAround = (pattern, places) => (found(pattern, "") ?? pattern).split(PLACE).map((part, k) => {
    const isElement = k % 2 && places[part] instanceof Element;
    return isElement ? places[part] : speech().inItsDirection(k % 2 ? placed(places[part]) : part);
  });
  netviz.named = (text) => {
    const { text: known, number } = speech();
    if (Object.hasOwn(known, text)) return known[text];
    return LETTERS.test(text) ? text : number(text);
  };
  netviz.number = (value, digits = 0) => written(inEnglish(value, digits));
  netviz.signed = (value, digits = 0) => written(inEnglish(value, digits, "exceptZero"));
  netviz.share = (share, digits = 1) => written(`${inEnglish(100 * share, digits)}%`);
})();
