import { words as common } from "../../../ui/src/words/es.ts";
import { problems } from "../../../ui/src/words/problems-es.ts";
import type { Words } from "./en.ts";

/** The console's texts in Spanish. */
export const words: Words = {
  ...common,
  problems: {
    ...common.problems,
    ...problems,
    "unknown-code": "Ninguna pantalla muestra este código. Los códigos duran diez minutos; mira la pantalla otra vez.",
  },
  title: "Consola",
  sections: { shop: "Bar", menu: "Carta", devices: "Dispositivos", mail: "Correo" },
  saved: "Guardado.",
  shop: {
    open: "El bar está abierto.",
    closed: "El bar está cerrado.",
    openNow: "Abrir el bar",
    close: "Cerrar el bar",
    limits: "Límites",
    limitNames: {
      maxOrdersInQueue: "Máximo de pedidos en cola",
      maxOrdersPerUser: "Máximo de pedidos abiertos por cliente",
      drinksPerBarcode: "Bebidas por código",
      barcodeMinutes: "Minutos de vida de un código",
      customerTimeoutSeconds: "Segundos para elegir bebida",
      baristaTimeoutSeconds: "Segundos para preparar una bebida",
      maxDrinksPerUserPerDay: "Bebidas por cliente y día (0: sin límite)",
      maxOrdersPerDevicePerWindow: "Pedidos de un teléfono por código (0: sin límite)",
    },
    units: { orders: "pedidos", drinks: "bebidas", minutes: "minutos", seconds: "segundos" },
    bounds: (minimum, maximum, unit, usual) => `De ${minimum} a ${maximum} ${unit}; normalmente ${usual}`,
    timeZone: "Zona horaria",
    subCode: "El código cambia cada 30 segundos",
  },
  menu: {
    drink: "Bebida",
    icon: "Dibujo",
    available: "Disponible",
    options: "Opciones, un grupo por línea",
    optionsHint: "Leche: Normal, Avena",
    add: "Añadir bebida",
    remove: (drink) => `Quitar ${drink}`,
    up: (drink) => `Subir ${drink}`,
    save: "Guardar carta",
    newDrink: "Bebida nueva",
  },
  devices: {
    intro: "Una pantalla o tableta sin sesión muestra un código de seis caracteres.",
    code: "Código en el dispositivo",
    noCode: "Escribe las seis letras y cifras que muestra el dispositivo.",
    pair: "Vincular dispositivo",
    paired: (name) => `${name} está vinculado y entra solo.`,
  },
  mail: {
    intro: "Sin servidor de correo, los mensajes quedan aquí.",
    none: "Ningún mensaje.",
    refresh: "Actualizar",
    to: (address) => `Para ${address}`,
  },
};
