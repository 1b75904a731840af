import type { Entity } from './entities.ts'
import type { Row } from './row.ts'

/** `checksum` is that of all rows, in the form that both stores share. */
export type MovedTable = { name: string; rows: number; checksum: string }

/** How far a move into a database is. It is kept there, in the transaction that adds what it counts. */
export type Progress = {
  /** Where everything comes from. */
  from: string
  /** The number of the entity that is being moved; all are moved where there is none of that number. */
  entity: number
  /** The key of its last row that was moved. */
  after: unknown[] | null
  isComplete: boolean
  /** All that was moved. Earlier versions did not note it. */
  tables?: MovedTable[]
}

export type Read = { entity: Entity; after: unknown[] | null; max: number }

type Side = {
  /** For people: without a password. */
  name: string
  /** Tells this database from others. */
  identity: string
  count(entity: Entity): Promise<number>
  /** The next rows in the order of their key, in the form that both stores share. */
  read(wanted: Read): Promise<Row[]>
  close(): Promise<void>
}

export type Source = Side & {
  /** Tables that are not ours, with their rows. */
  others(): Promise<{ name: string; rows: number }[]>
  /** Throws MoveError where somebody else has begun to use it. */
  refuseUse(): Promise<void>
}

export type Target = Side & {
  progress(): Promise<Progress | undefined>
  add(entity: Entity, rows: Row[], progress: Progress): Promise<void>
  keep(progress: Progress): Promise<void>
  /** What follows from the rows, where the store does not see to it later. */
  finish(): Promise<void>
}
