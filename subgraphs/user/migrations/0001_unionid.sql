CREATE INDEX "wechat_identity_by_unionid" ON "users"."wechat_identity" ("unionid", "user_id");
