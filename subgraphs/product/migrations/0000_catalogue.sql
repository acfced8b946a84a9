CREATE TABLE "product"."category" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"name" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "product"."product" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"category_id" text COLLATE "C" NOT NULL REFERENCES "product"."category" ("id"),
	"title" text NOT NULL,
	"description" text NOT NULL
);
--> statement-breakpoint
CREATE INDEX "product_by_category" ON "product"."product" ("category_id", "id" DESC);
--> statement-breakpoint
CREATE TABLE "product"."sku" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"product_id" text COLLATE "C" NOT NULL REFERENCES "product"."product" ("id"),
	"name" text NOT NULL,
	"price_fen" integer NOT NULL,
	"weight_grams" integer NOT NULL,
	"stock" integer NOT NULL,
	CONSTRAINT "sku_price_positive" CHECK ("price_fen" > 0),
	CONSTRAINT "sku_weight_positive" CHECK ("weight_grams" > 0),
	CONSTRAINT "sku_stock_not_negative" CHECK ("stock" >= 0)
);
--> statement-breakpoint
CREATE INDEX "sku_by_product" ON "product"."sku" ("product_id", "id");
--> statement-breakpoint
CREATE TABLE "product"."image" (
	"product_id" text COLLATE "C" NOT NULL REFERENCES "product"."product" ("id"),
	"position" integer NOT NULL,
	"url" text NOT NULL,
	"alt" text NOT NULL,
	PRIMARY KEY ("product_id", "position")
);
