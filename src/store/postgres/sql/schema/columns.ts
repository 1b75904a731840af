import { bigserial, customType } from '../drizzle.ts'

/** A text by which rows are found or sorted: by its bytes, whatever language the database sorts by. */
export const name = customType<{ data: string }>({ dataType: () => 'text COLLATE "C"' })

/** Milliseconds since 1970, or a place in an order: whole numbers. */
export const moment = customType<{ data: number; driverData: number | string }>({
  dataType: () => 'bigint',
  toDriver: Math.trunc,
  fromDriver: Number,
})

/** Counts rows in the order in which they were added. */
export const number = (column: string) => bigserial(column, { mode: 'number' })

/** A list of texts, as JSON: that has a place for NUL, which PostgreSQL has not. */
export const list = customType<{ data: string[]; driverData: string }>({
  dataType: () => 'text',
  toDriver: (value) => JSON.stringify(value),
  fromDriver: (value) => JSON.parse(value),
})

export const words = customType<{ data: string }>({ dataType: () => 'tsvector' })
