FROM scratch
COPY . /
USER 65532:65532
EXPOSE 8080
# SIGQUIT finishes what is in flight; SIGTERM would cut it off.
STOPSIGNAL SIGQUIT
ENTRYPOINT ["/usr/sbin/nginx", "-g", "daemon off;", "-c", "/etc/nginx/nginx.conf", "-e", "/dev/stderr"]
