CREATE INDEX "idempotency_by_age" ON "orders"."idempotency" ("claimed_at");
