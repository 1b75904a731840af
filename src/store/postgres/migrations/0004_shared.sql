CREATE TABLE "counts" (
	"key" text COLLATE "C" PRIMARY KEY NOT NULL,
	"times" integer NOT NULL,
	"until" bigint NOT NULL
);
--> statement-breakpoint
ALTER TABLE "agent_health" ADD COLUMN "answer" text;--> statement-breakpoint
ALTER TABLE "agent_health" ADD COLUMN "asked" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "agent_health" ADD COLUMN "answered" integer DEFAULT 0 NOT NULL;