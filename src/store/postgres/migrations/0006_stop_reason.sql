ALTER TABLE "bulk_actions" ADD COLUMN "stop_reason" text;
