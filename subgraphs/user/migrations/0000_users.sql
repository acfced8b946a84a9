CREATE TABLE "users"."user" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"nickname" text,
	"avatar_url" text,
	"created_at" timestamp(3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "users"."wechat_identity" (
	"app_id" text NOT NULL,
	"openid" text NOT NULL,
	"unionid" text,
	"user_id" text COLLATE "C" NOT NULL REFERENCES "users"."user" ("id") DEFERRABLE INITIALLY DEFERRED,
	PRIMARY KEY ("app_id", "openid")
);
--> statement-breakpoint
CREATE INDEX "wechat_identity_by_user" ON "users"."wechat_identity" ("user_id");
--> statement-breakpoint
CREATE TABLE "users"."address" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"user_id" text COLLATE "C" NOT NULL REFERENCES "users"."user" ("id"),
	"recipient" text NOT NULL,
	"phone" text NOT NULL,
	"province" text NOT NULL,
	"city" text NOT NULL,
	"district" text NOT NULL,
	"detail" text NOT NULL
);
--> statement-breakpoint
CREATE INDEX "address_by_user" ON "users"."address" ("user_id", "id");
--> statement-breakpoint
CREATE TABLE "users"."role_grant" (
	"user_id" text COLLATE "C" NOT NULL REFERENCES "users"."user" ("id"),
	"role" text NOT NULL,
	PRIMARY KEY ("user_id", "role"),
	CONSTRAINT "role_grant_role_known" CHECK ("role" in ('USER', 'ADMIN', 'SUPER'))
);
