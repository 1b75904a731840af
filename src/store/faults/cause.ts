import type { StorageFault } from '../ports/fault.ts'

export type FaultCause = Omit<StorageFault, 'since'>

/** `say` puts the sentences for the place of the database, which is for admins; for others it is `unnamed`. */
export function faultAt<Place, Kind extends string>(
  kind: Kind,
  { place, unnamed }: { place: Place; unnamed: Place },
  say: (place: Place) => string,
): FaultCause & { kind: Kind } {
  const reason = say(unnamed)
  return { kind, reason: reason[0]!.toUpperCase() + reason.slice(1), reasonForAdmins: say(place) }
}
