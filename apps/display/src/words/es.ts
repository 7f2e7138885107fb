import { words as common } from "../../../ui/src/words/es.ts";
import type { Words } from "./en.ts";

/** The display's texts in Spanish. */
export const words: Words = {
  ...common,
  title: "Pantalla",
  pairing: {
    title: "Vincular esta pantalla",
    text: "Abre la consola como operador, elige Dispositivos y escribe este código:",
    deviceName: "Pantalla",
    waiting: "Esperando al operador…",
    noCode: "Ahora no hay código. Pidiendo uno…",
    or: "O entra aquí con un teclado",
  },
  scan: "Escanea para pedir",
  remaining: (count) => `Quedan ${count} bebida(s).`,
  newCodeIn: "Código nuevo en",
  changing: "Este código cambia cada 30 segundos: escanéalo aquí.",
  usedUp: "Estamos preparando",
  usedUpText: "Todas las bebidas de este código están tomadas. El próximo código aparece en",
  soon: "Un código nuevo está en camino",
  closed: "Cerrado",
  closedText: "El bar se toma un descanso.",
  reopens: "Abre de nuevo en",
  preparing: "En preparación",
  ready: "Listo",
  nothingPreparing: "Aún no hay pedidos. ¡Sé el primero!",
  nothingReady: "Las bebidas listas aparecen aquí.",
  page: (page, pages) => `${page} / ${pages}`,
  waitNow: (minutes) => `Espera ahora: unos ${minutes} min`,
  call: "Listo para recoger",
  age: { calm: "nuevo", soon: "esperando", late: "espera larga" },
  making: "en preparación",
  queued: "en cola",
  configureBarista: "Configurar app del barista",
  configureOrder: "Configurar app de pedidos",
  fullScreen: "Pantalla completa",
};
