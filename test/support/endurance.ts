/** How much longer than usual `npm run test:soak` goes on; 0 in `npm test`. */
const soak = Number(process.env.SOAK ?? 0)

/** How often a test repeats what chance decides: a few times in `npm test`, many times in `npm run test:soak`. */
export function endurance(few: number, many: number): number {
  return soak > 0 ? Math.ceil(many * soak) : few
}

/** What chance begins with: the same in every `npm test`, another one in every soak, which prints it. */
export const seed = Number(process.env.SOAK_SEED ?? 20261122)
