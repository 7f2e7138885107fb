/** Where the shop as last seen is kept, for a menu without waiting. */
export const SHOP = "shop";
