import { words as common } from "../../../ui/src/words/pt-br.ts";
import type { Words } from "./en.ts";

/** The display's texts in Brazilian Portuguese. */
export const words: Words = {
  ...common,
  title: "Tela",
  pairing: {
    title: "Conectar esta tela",
    text: "Abra o console como operador, escolha Dispositivos e digite este código:",
    deviceName: "Tela",
    waiting: "Esperando o operador…",
    noCode: "Sem código agora. Pedindo um…",
    or: "Ou entre aqui com um teclado",
  },
  scan: "Escaneie para pedir",
  remaining: (count) => `Restam ${count} bebida(s).`,
  newCodeIn: "Novo código em",
  changing: "Este código muda a cada 30 segundos: escaneie aqui.",
  usedUp: "Estamos preparando",
  usedUpText: "Todas as bebidas deste código já foram. O próximo código aparece em",
  soon: "Um novo código está a caminho",
  closed: "Fechado",
  closedText: "O bar está fazendo uma pausa.",
  reopens: "Abre de novo em",
  preparing: "Em preparo",
  ready: "Pronto",
  nothingPreparing: "Nenhum pedido ainda. Seja o primeiro!",
  nothingReady: "As bebidas prontas aparecem aqui.",
  page: (page, pages) => `${page} / ${pages}`,
  waitNow: (minutes) => `Espera agora: cerca de ${minutes} min`,
  call: "Pronto para retirar",
  age: { calm: "novo", soon: "esperando", late: "espera longa" },
  making: "sendo preparado",
  queued: "na fila",
  configureBarista: "Configurar app do barista",
  configureOrder: "Configurar app de pedidos",
  fullScreen: "Tela cheia",
};
