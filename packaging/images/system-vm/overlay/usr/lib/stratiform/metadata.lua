-- Serves each guest its own metadata, user data and password, by the address it asks from.
-- Runs inside HAProxy after chroot, so "/" is /var/lib/stratiform.

local index, stamp = {}, nil
local taken

-- The store's file for a path such as "metadata/10.1.1.5"; the manifest is read again when it changes.
local function open(path)
    local list = io.open("/current/manifest", "r")
    if not list then return nil end
    local first = list:read("l")
    if first ~= stamp then
        index = {}
        for line in list:lines() do
            local name, hash = line:match("^(%S+) (%x+)$")
            if name then index[name] = hash end
        end
        stamp = first
    end
    list:close()
    return index[path] and io.open("/files/" .. index[path], "rb")
end

local function read(path)
    local file = open(path)
    if not file then return nil end
    local text = file:read("a")
    file:close()
    return text
end

local function answer(applet, status, body)
    applet:set_status(status)
    applet:add_header("content-type", "text/plain; charset=utf-8")
    applet:add_header("content-length", tostring(#body))
    applet:add_header("cache-control", "no-store")
    applet:start_response()
    if applet.method ~= "HEAD" and #body > 0 then applet:send(body) end
end

local function unescape(value)
    return (value:gsub("\\(.)", function(c) return c == "n" and "\n" or c == "\\" and "\\" or nil end))
end

local function metadata_of(guest)
    local text = read("metadata/" .. guest)
    if not text then return nil end
    local names, values = {}, {}
    for line in text:gmatch("[^\n]+") do
        local name, value = line:match("^(%S+) ?(.*)$")
        if name then
            names[#names + 1] = name
            values[name:lower()] = unescape(value)
        end
    end
    return names, values
end

core.register_service("metadata", "http", function(applet)
    if applet.method ~= "GET" and applet.method ~= "HEAD" then return answer(applet, 405, "") end
    local guest = applet.sf:src()
    local names, values = metadata_of(guest)
    local path = applet.path:lower():gsub("/+$", "")
    local name = path:match("^/latest/(.*)$")
    if not names or not name then return answer(applet, 404, "") end
    if name == "meta-data" then return answer(applet, 200, table.concat(names, "\n") .. "\n") end
    local body
    if name == "user-data" then
        body = read("userdata/" .. guest)
    else
        body = values[name:match("^meta%-data/(.*)$") or name]
    end
    return answer(applet, body and 200 or 404, body or "")
end)

-- Serials of passwords that guests have taken; kept in a file so that a restart does not offer them again.
local function taken_serials()
    if not taken then
        taken = {}
        local file = io.open("/taken/serials", "r")
        if file then
            for serial in file:lines() do taken[serial] = true end
            file:close()
        end
    end
    return taken
end

core.register_service("password", "http", function(applet)
    local guest = applet.sf:src()
    if not read("metadata/" .. guest) then return answer(applet, 404, "") end
    local header = applet.headers["domu_request"]
    local request = header and header[0]
    local serial, password = (read("passwords/" .. guest) or ""):match("^(%d+)\r?\n([^\r\n]+)")
    local offered = serial and not taken_serials()[serial]
    if applet.method ~= "GET" then return answer(applet, 405, "bad_request") end
    if request == "send_my_password" then return answer(applet, 200, offered and password or "saved_password") end
    if request ~= "saved_password" then return answer(applet, 400, "bad_request") end
    if offered then
        taken_serials()[serial] = true
        local file = io.open("/taken/serials", "a")
        if file then
            file:write(serial, "\n")
            file:close()
        end
    end
    return answer(applet, 200, "saved_password")
end)
