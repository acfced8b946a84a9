CREATE INDEX "reservation_ended_by_expiry" ON "product"."reservation" ("expires_at") WHERE "state" IN ('RELEASED', 'EXPIRED');
--> statement-breakpoint
ALTER TABLE "product"."reservation_line"
	DROP CONSTRAINT "reservation_line_reservation_id_fkey",
	ADD FOREIGN KEY ("reservation_id") REFERENCES "product"."reservation" ("id") ON DELETE CASCADE;
