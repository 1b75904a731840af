/** `npm run test:cluster` has the tests that go through the front door run once more, on PostgreSQL. */
export const isOnPostgres = process.env.CONFIGURABLE_AGENTS_TEST_STORE === 'postgres'
