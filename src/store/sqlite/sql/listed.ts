import type { SQL } from 'drizzle-orm'
import { sql } from './drizzle.ts'

export const listed = (values: string[]): SQL =>
  sql.join(
    values.map((value) => sql`${value}`),
    sql`, `,
  )
