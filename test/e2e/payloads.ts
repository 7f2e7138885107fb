/** Texts that would run if anything took them for markup or code; none has a space. */

const hit = "top.hit=1";
const vectors = [
  `<script>${hit}</script>`,
  `<img/src=x/onerror=${hit}>`,
  `<svg/onload=${hit}>`,
  `<svg><script>${hit}</script></svg>`,
  `<iframe/srcdoc="<script>${hit}</script>">`,
  `<iframe/src=javascript:${hit}>`,
  `<details/open/ontoggle=${hit}>`,
  `<video><source/onerror=${hit}></video>`,
  `<input/autofocus/onfocus=${hit}>`,
  `<math><mtext></form><form><mglyph><style></math><img/src/onerror=${hit}>`,
  `<object/data=javascript:${hit}></object>`,
  `<embed/src=javascript:${hit}>`,
  `<a/href=javascript:${hit}>x</a>`,
  `<style>@import'//evil.example/x.css';</style>`,
  `<base/href=//evil.example/>`,
  `<meta/http-equiv=refresh/content="0;url=//evil.example">`,
  `<link/rel=stylesheet/href=//evil.example/x.css>`,
  `<body/onload=${hit}>`,
  `<marquee/onstart=${hit}>`,
  `<template><img/src=x/onerror=${hit}></template>`,
];
const ways: readonly ((vector: string) => string)[] = [
  (vector) => vector,
  (vector) => `">${vector}`,
  (vector) => `'>${vector}`,
  (vector) => `</title>${vector}`,
  (vector) => `</textarea>${vector}`,
  (vector) => `-->${vector}`,
  (vector) => `{{constructor.constructor('${hit}')()}}${vector}`,
  (vector) => `\${${hit}}${vector}`,
  (vector) => vector.replaceAll("<", "&lt;").replaceAll(">", "&gt;"),
  (vector) => vector.toUpperCase().replace("<", "<<"),
];

/** 200 of them, each once. */
export const payloads: readonly string[] = ways.flatMap((way) => vectors.map(way));

/** All of them as one text. */
export const everyPayload = payloads.join("|");

/** Elements that a page has only where a payload became markup. */
export const foreignElements =
  "iframe, object, embed, base, math, marquee, template, style, video, body > script, meta[http-equiv], [onerror], [onload]";
