/** A drink as a cut through its glass: what is in it, from the bottom up, and how much. Drawn, so that nothing needs to be loaded. */

const liquids = { espresso: "#4a2411", coffee: "#6b3a1c", water: "#8a5a35", milk: "#f0ddc4", steamed: "#d9ab79", foam: "#fffaf2" } as const;

type Layer = readonly [liquid: keyof typeof liquids, share: number];
interface Recipe {
  /** Height of the glass, 0 to 1. */
  readonly height: number;
  readonly layers: readonly Layer[];
}

const recipes: Record<string, Recipe> = {
  espresso: {
    height: 0.5,
    layers: [
      ["espresso", 0.62],
      ["steamed", 0.1],
    ],
  },
  cappuccino: {
    height: 0.8,
    layers: [
      ["espresso", 0.28],
      ["steamed", 0.3],
      ["foam", 0.34],
    ],
  },
  latte: {
    height: 1,
    layers: [
      ["espresso", 0.2],
      ["steamed", 0.22],
      ["milk", 0.36],
      ["foam", 0.12],
    ],
  },
  "flat-white": {
    height: 0.74,
    layers: [
      ["espresso", 0.4],
      ["steamed", 0.4],
      ["foam", 0.08],
    ],
  },
  americano: {
    height: 0.94,
    layers: [
      ["espresso", 0.26],
      ["coffee", 0.54],
      ["steamed", 0.05],
    ],
  },
  "coffee-of-the-day": { height: 0.84, layers: [["coffee", 0.82]] },
};
/** The names the menu can give a drawing. */
export const drinkIcons = Object.keys(recipes);

const anyDrink: Recipe = {
  height: 0.84,
  layers: [
    ["coffee", 0.6],
    ["milk", 0.2],
  ],
};

const BOTTOM = 58;
const FULL = 44;

/** Half the width of the glass at a height above its bottom. */
const halfWidth = (rise: number): number => 13 + rise * 0.13;

/** @param icon the menu's name for it; an unknown one shows a plain cup. */
export function DrinkIcon({ icon }: { icon: string }) {
  const { height, layers } = recipes[icon.toLowerCase()] ?? anyDrink;
  const rim = FULL * height;
  let filled = 0;
  return (
    <svg class="drink-icon" viewBox="0 0 64 64" aria-hidden="true">
      <path d="M20 8q-3-3 0-6M32 8q-3-3 0-6M44 8q-3-3 0-6" class="steam" style={{ transform: `translateY(${FULL - rim}px)` }} />
      {layers.map(([liquid, share]) => {
        const from = filled;
        filled += share * rim;
        return <path key={from} d={band(from, filled)} fill={liquids[liquid]} />;
      })}
      <path d={band(0, rim)} class="glass" />
      <path d={`M${32 + halfWidth(rim * 0.8)} ${BOTTOM - rim * 0.8}q11 1 9.5 ${rim * 0.28}t-11 ${rim * 0.22}`} class="glass" />
    </svg>
  );
}

function band(from: number, to: number): string {
  const [low, high] = [halfWidth(from), halfWidth(to)];
  return `M${32 - low} ${BOTTOM - from}L${32 - high} ${BOTTOM - to}H${32 + high}L${32 + low} ${BOTTOM - from}z`;
}
