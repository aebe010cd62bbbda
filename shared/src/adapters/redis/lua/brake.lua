-- Brake: holds or bookings are failing, so call half as fast, at most once per interval. Returns nothing.
time()
if brake_pace == 0 or now >= braked_at + BRAKE_EVERY_MS then
  local speed = rate_now()
  if called_per_min > 0 then
    speed = math.min(speed, called_per_min)
  end
  brake_pace, braked_at = math.max(math.floor(speed / 2), 1), now
  save()
end
return redis.status_reply('OK')
