import { z } from 'zod'
import { json, jsonOrPage, problems } from '../../http/answers.ts'

const tags = ['Saved views']
const view = z
  .strictObject({
    view_id: z.string(),
    name: z.string(),
    filter: z.string(),
    url: z.string().describe('The list'),
    is_shared: z.boolean().describe('Everyone sees it. Others are seen by who saved them'),
  })
  .meta({ id: 'SavedView', description: 'A filter of the history that people keep' })
const byView = z.object({
  id: z.string().meta({ description: 'View ID', examples: ['0199b0c8-0000-7000-8000-000000000001'] }),
})
const name = z.string('Send the name of the view.')
const filter = z.string('Send the filter as the address of the list of runs, such as /runs?status=failed.')
const whole = 'Send the name of the view, and its filter.'

export const listViews = {
  tags,
  summary: 'Saved views',
  querystring: z.strictObject({}),
  response: {
    200: json('In the order in which they were saved', z.strictObject({ views: z.array(view) })),
    ...problems(422),
  },
}

export const addView = {
  tags,
  summary: 'Save a view',
  body: z.strictObject({ name, filter }, whole).meta({
    examples: [{ name: 'Failed this week', filter: 'status=failed&time=week' }],
  }),
  response: { 201: jsonOrPage('The view', view), ...problems(409, 422) },
}

/** A button of a form sends words. */
const shared = z
  .union([z.boolean(), z.enum(['true', 'false'])], 'Send true or false.')
  .describe('Whether everyone sees it. Needs the role admin')
const nothing = 'Send the new name of the view, or whether it is shared.'

export const changeView = {
  tags,
  summary: 'Rename or share a view',
  params: byView,
  body: z
    .strictObject({ name: name.optional(), shared: shared.optional() }, nothing)
    .refine((change) => Object.keys(change).length > 0, nothing)
    .meta({ examples: [{ name: 'Failures' }] }),
  response: { 200: jsonOrPage('The view', view), ...problems(403, 404, 409, 422) },
}

export const askToDeleteView = {
  tags,
  summary: 'One view',
  params: byView,
  response: { 200: jsonOrPage('The view', view), ...problems(404) },
}

const deleted = { 204: z.null().describe('Deleted') }

export const deleteView = {
  tags,
  summary: 'Delete a view',
  params: byView,
  response: { ...deleted, ...problems(404) },
}

export const deleteViewByForm = { hide: true, params: byView, response: deleted }
