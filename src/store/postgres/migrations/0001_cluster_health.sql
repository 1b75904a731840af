CREATE TABLE "agent_health" (
	"agent_id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"at" bigint NOT NULL,
	"belief" text NOT NULL
);
