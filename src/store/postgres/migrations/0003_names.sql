DROP INDEX "runs_workflow";--> statement-breakpoint
CREATE INDEX "run_days_agent" ON "run_days" USING btree ("agent","at");--> statement-breakpoint
CREATE INDEX "run_hours_agent" ON "run_hours" USING btree ("agent","at");--> statement-breakpoint
CREATE INDEX "runs_workflow_status" ON "runs" USING btree ("workflow","seq","status");