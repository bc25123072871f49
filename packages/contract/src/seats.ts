/** The number on a line, and of anything that has seats. */

/** The largest number of seats: what a 32-bit integer holds, which is what clients of the contract read. */
export const seatsMax = 2_147_483_647;
