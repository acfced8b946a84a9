ALTER TABLE "orders"."order" ALTER COLUMN "reservation_id" TYPE text COLLATE "C";
--> statement-breakpoint
ALTER TABLE "orders"."order_line"
	ALTER COLUMN "sku_id" TYPE text COLLATE "C",
	ALTER COLUMN "product_id" TYPE text COLLATE "C";
--> statement-breakpoint
ALTER TABLE "orders"."idempotency"
	ALTER COLUMN "user_id" TYPE text COLLATE "C",
	ALTER COLUMN "order_id" TYPE text COLLATE "C";
