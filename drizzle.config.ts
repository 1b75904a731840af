import { defineConfig } from 'drizzle-kit'

export default defineConfig({
  dialect: 'sqlite',
  schema: './src/store/sqlite/sql/schema/tables.ts',
  out: './src/store/sqlite/migrations',
})
