/** The seed's request for a customer of the sample, and its answer. */
export const seatQuestion = {
  path: '/partner/external/v3/general/customers/4de84505-fa99-5266-a644-e6bac921c6c9/avpt-products/type/2048/overview',
  answer: { productType: 2048, availableUserSeat: 20 },
};
