import { problems } from "../../../ui/src/words/problems-pt-br.ts";
import { words as common } from "../../../ui/src/words/pt-br.ts";
import type { Words } from "./en.ts";

/** The console's texts in Brazilian Portuguese. */
export const words: Words = {
  ...common,
  problems: {
    ...common.problems,
    ...problems,
    "unknown-code": "Nenhuma tela mostra este código. Os códigos duram dez minutos; olhe a tela de novo.",
  },
  title: "Console",
  sections: { shop: "Bar", menu: "Cardápio", devices: "Dispositivos", mail: "E-mail" },
  saved: "Salvo.",
  shop: {
    open: "O bar está aberto.",
    closed: "O bar está fechado.",
    openNow: "Abrir o bar",
    close: "Fechar o bar",
    limits: "Limites",
    limitNames: {
      maxOrdersInQueue: "Máximo de pedidos na fila",
      maxOrdersPerUser: "Máximo de pedidos abertos por cliente",
      drinksPerBarcode: "Bebidas por código",
      barcodeMinutes: "Minutos de vida de um código",
      customerTimeoutSeconds: "Segundos para escolher uma bebida",
      baristaTimeoutSeconds: "Segundos para preparar uma bebida",
      maxDrinksPerUserPerDay: "Bebidas por cliente e dia (0: sem limite)",
      maxOrdersPerDevicePerWindow: "Pedidos de um celular por código (0: sem limite)",
    },
    units: { orders: "pedidos", drinks: "bebidas", minutes: "minutos", seconds: "segundos" },
    bounds: (minimum, maximum, unit, usual) => `De ${minimum} a ${maximum} ${unit}; normalmente ${usual}`,
    timeZone: "Fuso horário",
    subCode: "O código muda a cada 30 segundos",
  },
  menu: {
    drink: "Bebida",
    icon: "Figura",
    available: "Disponível",
    options: "Opções, um grupo por linha",
    optionsHint: "Leite: Comum, Aveia",
    add: "Adicionar bebida",
    remove: (drink) => `Remover ${drink}`,
    up: (drink) => `Mover ${drink} para cima`,
    save: "Salvar cardápio",
    newDrink: "Nova bebida",
  },
  devices: {
    intro: "Uma tela ou tablet sem sessão mostra um código de seis caracteres.",
    code: "Código no dispositivo",
    noCode: "Digite as seis letras e números que o dispositivo mostra.",
    pair: "Conectar dispositivo",
    paired: (name) => `${name} está conectado e entra sozinho.`,
  },
  mail: {
    intro: "Sem servidor de e-mail, as mensagens ficam aqui.",
    none: "Nenhuma mensagem.",
    refresh: "Atualizar",
    to: (address) => `Para ${address}`,
  },
};
