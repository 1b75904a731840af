CREATE TABLE "sessions" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"hash" text COLLATE "C" NOT NULL,
	"user_id" text COLLATE "C" NOT NULL,
	"created_at" bigint NOT NULL,
	"last_seen_at" bigint NOT NULL,
	"expires_at" bigint NOT NULL,
	"address" text NOT NULL,
	"browser" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "tokens" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"hash" text COLLATE "C" NOT NULL,
	"name" text NOT NULL,
	"kind" text COLLATE "C" NOT NULL,
	"role" text COLLATE "C" NOT NULL,
	"agents" text,
	"created_by" text NOT NULL,
	"created_at" bigint NOT NULL,
	"expires_at" bigint,
	"last_used_at" bigint
);
--> statement-breakpoint
CREATE TABLE "users" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"source" text COLLATE "C" NOT NULL,
	"key" text COLLATE "C" NOT NULL,
	"name" text NOT NULL,
	"password_hash" text,
	"role" text COLLATE "C" NOT NULL,
	"agents" text,
	"created_at" bigint NOT NULL,
	"last_login_at" bigint
);
--> statement-breakpoint
CREATE TABLE "agent_credentials" (
	"agent_id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"kind" text COLLATE "C" NOT NULL,
	"origin" text NOT NULL,
	"sealed" text NOT NULL,
	"saved_at" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "agents" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"number" bigserial NOT NULL,
	"name" text NOT NULL,
	"url" text NOT NULL,
	"host" text NOT NULL,
	"port" integer NOT NULL,
	"metadata" text,
	"registered_by" text COLLATE "C" NOT NULL,
	"registered_at" bigint NOT NULL,
	"last_heartbeat_at" bigint NOT NULL,
	"ttl_seconds" double precision,
	"check_interval_seconds" double precision,
	"check_timeout_seconds" double precision,
	"paused_at" bigint,
	"given_name" text,
	"given_description" text,
	"certificate_authority" text,
	"certificate_fingerprint" text,
	"health_path" text,
	"last_schema" text
);
--> statement-breakpoint
CREATE TABLE "audit" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"at" bigint NOT NULL,
	"actor_id" text NOT NULL,
	"actor_name" text COLLATE "C" NOT NULL,
	"actor_role" text COLLATE "C" NOT NULL,
	"action" text COLLATE "C" NOT NULL,
	"subject_kind" text COLLATE "C",
	"subject_id" text COLLATE "C",
	"subject_name" text,
	"agent_id" text COLLATE "C",
	"details" text,
	"address" text
);
--> statement-breakpoint
CREATE TABLE "bulk_actions" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"number" bigserial NOT NULL,
	"token" text COLLATE "C" NOT NULL,
	"action" text COLLATE "C" NOT NULL,
	"state" text COLLATE "C" NOT NULL,
	"filter" text,
	"run_ids" text,
	"started_by" text,
	"total" integer,
	"place" bigint,
	"done" integer NOT NULL,
	"left_out" integer NOT NULL,
	"failed" integer NOT NULL,
	"created_at" bigint NOT NULL,
	"started_at" bigint,
	"ended_at" bigint,
	"closed_at" bigint,
	CONSTRAINT "bulk_actions_token" UNIQUE("token")
);
--> statement-breakpoint
CREATE TABLE "bulk_reasons" (
	"bulk_id" text COLLATE "C" NOT NULL,
	"kind" text COLLATE "C" NOT NULL,
	"digest" text COLLATE "C" NOT NULL,
	"reason" text NOT NULL,
	"runs" integer NOT NULL,
	"run_id" text COLLATE "C" NOT NULL,
	CONSTRAINT "bulk_reasons_bulk_id_kind_digest_pk" PRIMARY KEY("bulk_id","kind","digest")
);
--> statement-breakpoint
CREATE TABLE "dashboards" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"version" text NOT NULL,
	"since" bigint NOT NULL,
	"seen_at" bigint NOT NULL,
	"until" bigint NOT NULL,
	"held_since" bigint NOT NULL,
	"gone_at" bigint
);
--> statement-breakpoint
CREATE TABLE "leases" (
	"name" text COLLATE "C" PRIMARY KEY NOT NULL,
	"owner" text COLLATE "C" NOT NULL,
	"epoch" integer NOT NULL,
	"until" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "health_checks" (
	"agent_id" text COLLATE "C" NOT NULL,
	"at" bigint NOT NULL,
	"outcome" text COLLATE "C" NOT NULL,
	"latency_ms" double precision,
	"reason" text,
	CONSTRAINT "health_checks_agent_id_at_pk" PRIMARY KEY("agent_id","at")
);
--> statement-breakpoint
CREATE TABLE "health_incidents" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"agent_id" text COLLATE "C" NOT NULL,
	"started_at" bigint NOT NULL,
	"ended_at" bigint,
	"reason" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "health_rollups" (
	"agent_id" text COLLATE "C" NOT NULL,
	"span" integer NOT NULL,
	"at" bigint NOT NULL,
	"up" integer NOT NULL,
	"degraded" integer NOT NULL,
	"down" integer NOT NULL,
	"answered" integer NOT NULL,
	"latency_sum" double precision NOT NULL,
	"latency_min" double precision,
	"latency_max" double precision,
	CONSTRAINT "health_rollups_agent_id_span_at_pk" PRIMARY KEY("agent_id","span","at")
);
--> statement-breakpoint
CREATE TABLE "run_days" (
	"at" integer NOT NULL,
	"status" text COLLATE "C" NOT NULL,
	"runs" integer NOT NULL,
	"duration" double precision NOT NULL,
	"timed" integer NOT NULL,
	"tokens" double precision NOT NULL,
	"cost" double precision NOT NULL,
	"agent" text COLLATE "C" NOT NULL,
	CONSTRAINT "run_days_at_agent_status_pk" PRIMARY KEY("at","agent","status")
);
--> statement-breakpoint
CREATE TABLE "run_deltas" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"at" integer NOT NULL,
	"status" text COLLATE "C" NOT NULL,
	"runs" smallint NOT NULL,
	"duration" double precision NOT NULL,
	"timed" smallint NOT NULL,
	"tokens" double precision NOT NULL,
	"cost" double precision NOT NULL,
	"agent" text COLLATE "C" NOT NULL
);
--> statement-breakpoint
CREATE TABLE "run_hours" (
	"at" integer NOT NULL,
	"status" text COLLATE "C" NOT NULL,
	"runs" integer NOT NULL,
	"duration" double precision NOT NULL,
	"timed" integer NOT NULL,
	"tokens" double precision NOT NULL,
	"cost" double precision NOT NULL,
	"agent" text COLLATE "C" NOT NULL,
	CONSTRAINT "run_hours_at_agent_status_pk" PRIMARY KEY("at","agent","status")
);
--> statement-breakpoint
CREATE TABLE "run_search" (
	"seq" bigint PRIMARY KEY NOT NULL,
	"words" "tsvector"
);
--> statement-breakpoint
CREATE TABLE "run_search_queue" (
	"seq" bigint PRIMARY KEY NOT NULL
);
--> statement-breakpoint
CREATE TABLE "run_totals" (
	"at" integer NOT NULL,
	"status" text COLLATE "C" NOT NULL,
	"runs" integer NOT NULL,
	"duration" double precision NOT NULL,
	"timed" integer NOT NULL,
	"tokens" double precision NOT NULL,
	"cost" double precision NOT NULL,
	CONSTRAINT "run_totals_at_status_pk" PRIMARY KEY("at","status")
);
--> statement-breakpoint
CREATE TABLE "input_schemas" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"text" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "node_states" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"run_id" text COLLATE "C" NOT NULL,
	"node" text NOT NULL,
	"saved_at" bigint,
	"state" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "run_events" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"run_id" text COLLATE "C" NOT NULL,
	"at" bigint NOT NULL,
	"kind" text COLLATE "C" NOT NULL,
	"attempt" integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE "run_exchanges" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"run_id" text COLLATE "C" NOT NULL,
	"attempt" integer NOT NULL,
	"at" bigint NOT NULL,
	"method" text NOT NULL,
	"url" text NOT NULL,
	"duration_ms" double precision NOT NULL,
	"request_headers" text NOT NULL,
	"request_body" text,
	"status" integer,
	"response_headers" text,
	"response_body" text,
	"failure" text
);
--> statement-breakpoint
CREATE TABLE "run_keys" (
	"key" text COLLATE "C" PRIMARY KEY NOT NULL,
	"run_id" text COLLATE "C" NOT NULL,
	"inputs_hash" text COLLATE "C" NOT NULL,
	"created_at" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "run_texts" (
	"run_id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"agent" text,
	"workflow" text,
	"status" text,
	"started_by" text,
	"started_by_id" text,
	"inputs" text,
	"outputs" text,
	"error" text,
	"error_fields" text,
	"withheld" text,
	"schema_id" text COLLATE "C",
	"trace_id" text,
	"is_sampled" boolean NOT NULL,
	"config" text,
	"bottleneck" text
);
--> statement-breakpoint
CREATE TABLE "runs" (
	"seq" bigint PRIMARY KEY NOT NULL,
	"id" text COLLATE "C" NOT NULL,
	"agent" text COLLATE "C" NOT NULL,
	"agent_id" text COLLATE "C",
	"workflow" text COLLATE "C" NOT NULL,
	"status" text COLLATE "C" NOT NULL,
	"started_at" bigint,
	"completed_at" bigint,
	"duration" double precision,
	"tokens" double precision,
	"cost" double precision,
	"rerun_of" text COLLATE "C",
	"started_by" text COLLATE "C",
	"error" text,
	"input_line" text,
	"reported_at" bigint,
	"attempt" integer NOT NULL,
	"sent_at" bigint,
	"agent_url" text,
	"job_id" text,
	"polls" integer,
	"owner" text COLLATE "C",
	"holds_slot" boolean DEFAULT false NOT NULL,
	CONSTRAINT "runs_id" UNIQUE("id")
);
--> statement-breakpoint
CREATE TABLE "dashboard_state" (
	"key" text COLLATE "C" PRIMARY KEY NOT NULL,
	"value" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "saved_views" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"number" bigserial NOT NULL,
	"name" text NOT NULL,
	"query" text NOT NULL,
	"created_at" bigint NOT NULL,
	"owner" text COLLATE "C",
	"is_shared" boolean NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX "sessions_hash" ON "sessions" USING btree ("hash");--> statement-breakpoint
CREATE INDEX "sessions_user" ON "sessions" USING btree ("user_id");--> statement-breakpoint
CREATE UNIQUE INDEX "tokens_hash" ON "tokens" USING btree ("hash");--> statement-breakpoint
CREATE UNIQUE INDEX "users_key" ON "users" USING btree ("source","key");--> statement-breakpoint
CREATE INDEX "audit_at" ON "audit" USING btree ("at","id");--> statement-breakpoint
CREATE INDEX "audit_actor" ON "audit" USING btree (left("actor_name", 255),"at","id");--> statement-breakpoint
CREATE INDEX "audit_action" ON "audit" USING btree ("action","at","id");--> statement-breakpoint
CREATE INDEX "audit_agent" ON "audit" USING btree (left("agent_id", 255),"at","id");--> statement-breakpoint
CREATE INDEX "audit_subject" ON "audit" USING btree (left("subject_id", 255),"at","id");--> statement-breakpoint
CREATE INDEX "health_incidents_agent" ON "health_incidents" USING btree ("agent_id","started_at");--> statement-breakpoint
CREATE INDEX "run_search_words" ON "run_search" USING gin ("words");--> statement-breakpoint
CREATE INDEX "run_search_long" ON "run_search" USING btree ("seq") WHERE "run_search"."words" IS NULL;--> statement-breakpoint
CREATE INDEX "node_states_run" ON "node_states" USING btree ("run_id","id");--> statement-breakpoint
CREATE INDEX "run_events_run" ON "run_events" USING btree ("run_id");--> statement-breakpoint
CREATE INDEX "run_exchanges_run" ON "run_exchanges" USING btree ("run_id");--> statement-breakpoint
CREATE INDEX "run_keys_created" ON "run_keys" USING btree ("created_at");--> statement-breakpoint
CREATE INDEX "run_keys_run" ON "run_keys" USING btree ("run_id");--> statement-breakpoint
CREATE INDEX "run_texts_schema" ON "run_texts" USING btree ("schema_id") WHERE "run_texts"."schema_id" IS NOT NULL;--> statement-breakpoint
CREATE INDEX "runs_agent" ON "runs" USING btree ("agent","seq");--> statement-breakpoint
CREATE INDEX "runs_status" ON "runs" USING btree ("status","seq");--> statement-breakpoint
CREATE INDEX "runs_agent_status" ON "runs" USING btree ("agent","status","seq");--> statement-breakpoint
CREATE INDEX "runs_agent_workflow" ON "runs" USING btree ("agent","workflow");--> statement-breakpoint
CREATE INDEX "runs_workflow" ON "runs" USING btree ("workflow","seq");--> statement-breakpoint
CREATE INDEX "runs_agent_id" ON "runs" USING btree ("agent_id","agent");--> statement-breakpoint
CREATE INDEX "runs_duration" ON "runs" USING btree ("duration","seq") WHERE "runs"."duration" IS NOT NULL;--> statement-breakpoint
CREATE INDEX "runs_tokens" ON "runs" USING btree ("tokens","seq") WHERE "runs"."tokens" IS NOT NULL;--> statement-breakpoint
CREATE INDEX "runs_cost" ON "runs" USING btree ("cost","seq") WHERE "runs"."cost" IS NOT NULL;--> statement-breakpoint
CREATE INDEX "runs_rerun_of" ON "runs" USING btree ("rerun_of") WHERE "runs"."rerun_of" IS NOT NULL;--> statement-breakpoint
CREATE INDEX "runs_started_by" ON "runs" USING btree ("started_by","seq") WHERE "runs"."started_by" IS NOT NULL;--> statement-breakpoint
CREATE INDEX "runs_owner" ON "runs" USING btree ("owner") WHERE "runs"."status" IN ('pending', 'running');--> statement-breakpoint
CREATE INDEX "runs_slots" ON "runs" USING btree ("agent_id") WHERE "runs"."holds_slot";--> statement-breakpoint
CREATE VIEW "run_hours_now" AS
	SELECT at, agent, status, runs, duration, timed, tokens, cost FROM run_hours
	UNION ALL SELECT at, agent, status, runs, duration, timed, tokens, cost FROM run_deltas;--> statement-breakpoint
CREATE VIEW "run_days_now" AS
	SELECT at, agent, status, runs, duration, timed, tokens, cost FROM run_days
	UNION ALL SELECT at / 24, agent, status, runs, duration, timed, tokens, cost FROM run_deltas;--> statement-breakpoint
CREATE VIEW "run_totals_now" AS
	SELECT at, status, runs, duration, timed, tokens, cost FROM run_totals
	UNION ALL SELECT at / 24, status, runs, duration, timed, tokens, cost FROM run_deltas;
