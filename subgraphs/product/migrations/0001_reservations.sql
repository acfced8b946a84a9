CREATE TABLE "product"."reservation" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"state" text NOT NULL,
	"expires_at" timestamp(3) with time zone NOT NULL,
	CONSTRAINT "reservation_state_known" CHECK ("state" in ('HELD', 'CONFIRMED', 'RELEASED', 'EXPIRED'))
);
--> statement-breakpoint
CREATE INDEX "reservation_held_by_expiry" ON "product"."reservation" ("expires_at") WHERE "state" = 'HELD';
--> statement-breakpoint
CREATE TABLE "product"."reservation_line" (
	"reservation_id" text COLLATE "C" NOT NULL REFERENCES "product"."reservation" ("id"),
	"sku_id" text COLLATE "C" NOT NULL REFERENCES "product"."sku" ("id"),
	"product_id" text COLLATE "C" NOT NULL,
	"title" text NOT NULL,
	"quantity" integer NOT NULL,
	"price_fen" integer NOT NULL,
	"weight_grams" integer NOT NULL,
	PRIMARY KEY ("reservation_id", "sku_id"),
	CONSTRAINT "reservation_line_quantity_positive" CHECK ("quantity" > 0)
);
--> statement-breakpoint
CREATE INDEX "reservation_line_by_sku" ON "product"."reservation_line" ("sku_id");
