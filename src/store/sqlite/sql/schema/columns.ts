import { fromDatetime, toDatetime } from '../datetime.ts'
import { customType } from '../drizzle.ts'

/** A prepared statement calls it with null too. */
const toDriver = (at: number | null) => (at === null ? null : toDatetime(at)) as string

export const datetime = customType<{ data: number; driverData: string }>({
  dataType: () => 'DATETIME',
  toDriver,
  fromDriver: fromDatetime,
})
/** For a table of ours, where the column's type must not turn text into a number. */
export const moment = customType<{ data: number; driverData: string }>({
  dataType: () => 'text',
  toDriver,
  fromDriver: fromDatetime,
})
export const varchar = customType<{ data: string; config: { length: number }; configRequired: true }>({
  dataType: ({ length }) => `VARCHAR(${length})`,
})
/** Another program may have left anything in a column of numbers. */
const known = (value: unknown) => (typeof value === 'number' && Number.isFinite(value) ? value : null) as number
export const float = customType<{ data: number }>({ dataType: () => 'FLOAT', fromDriver: known })
export const whole = customType<{ data: number }>({ dataType: () => 'integer', fromDriver: known })
export const seconds = customType<{ data: number }>({ dataType: () => 'real', fromDriver: known })
