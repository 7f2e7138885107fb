/** The most orders that one page of `GET /orders` or `GET /myOrders` has. */
export const mostOrdersPerPage = 200;
