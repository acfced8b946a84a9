CREATE TABLE "orders"."order" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"user_id" text COLLATE "C" NOT NULL,
	"status" text NOT NULL,
	"total_fen" integer NOT NULL,
	"stock_state" text NOT NULL,
	"reservation_id" text,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "order_status_known" CHECK ("status" IN ('CREATED', 'PAID', 'SHIPPED', 'COMPLETED', 'CANCELLED')),
	CONSTRAINT "order_stock_state_known" CHECK ("stock_state" IN ('held', 'confirmed', 'release_pending', 'released'))
);
--> statement-breakpoint
CREATE INDEX "order_by_user" ON "orders"."order" ("user_id", "id" DESC);
--> statement-breakpoint
CREATE INDEX "order_unsettled" ON "orders"."order" ("id") WHERE "stock_state" IN ('held', 'release_pending');
--> statement-breakpoint
CREATE TABLE "orders"."order_line" (
	"order_id" text COLLATE "C" NOT NULL REFERENCES "orders"."order" ("id"),
	"position" integer NOT NULL,
	"sku_id" text NOT NULL,
	"product_id" text NOT NULL,
	"title" text NOT NULL,
	"quantity" integer NOT NULL,
	"unit_price_fen" integer NOT NULL,
	"weight_grams" integer NOT NULL,
	PRIMARY KEY ("order_id", "position"),
	CONSTRAINT "order_line_quantity_orderable" CHECK ("quantity" BETWEEN 1 AND 99)
);
--> statement-breakpoint
CREATE TABLE "orders"."idempotency" (
	"user_id" text NOT NULL,
	"key" text NOT NULL,
	"request_hash" text NOT NULL,
	"order_id" text NOT NULL,
	"state" text NOT NULL,
	"claimed_at" timestamp (3) with time zone NOT NULL,
	"attempt" integer NOT NULL,
	"answer" jsonb,
	PRIMARY KEY ("user_id", "key"),
	CONSTRAINT "idempotency_state_known" CHECK ("state" IN ('claimed', 'free', 'answered')),
	CONSTRAINT "idempotency_answer_stored" CHECK (("state" = 'answered') = ("answer" IS NOT NULL))
);
--> statement-breakpoint
CREATE TABLE "orders"."shop" (
	"id" integer PRIMARY KEY NOT NULL,
	"open" boolean NOT NULL,
	CONSTRAINT "shop_is_one" CHECK ("id" = 1)
);
--> statement-breakpoint
INSERT INTO "orders"."shop" ("id", "open") VALUES (1, true);
