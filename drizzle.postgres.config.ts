import { defineConfig } from 'drizzle-kit'

export default defineConfig({
  dialect: 'postgresql',
  schema: './src/store/postgres/sql/schema/tables.ts',
  out: './src/store/postgres/migrations',
})
