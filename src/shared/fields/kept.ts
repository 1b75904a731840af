type Keeping = { kept?: Keeping[]; fields: Keeping[] }

/** Whether there is anything in it that was typed into a kind of a union which is not chosen. */
export function holdsKept({ kept = [], fields }: Keeping): boolean {
  return kept.length > 0 || fields.some(holdsKept)
}
